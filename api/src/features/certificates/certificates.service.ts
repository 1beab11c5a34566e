import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Certificate, CertificateCheck } from '@yike/contracts/http/certificates';
import { CertificateId } from '@yike/contracts/ids';
import type { CourseId, UserId } from '@yike/contracts/ids';
import { toString as qrToString } from 'qrcode';
import {
  type CertificateFacts,
  certificateNumber,
  maskName,
  NUMBER_BYTES,
} from '../../domain/certificates.ts';
import { NotFound } from '../../domain/domain-error.ts';
import { Clock } from '../../platform/clock.ts';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.ts';
import { Ids } from '../../platform/ids.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { Acts } from '../../platform/security/acts.ts';
import { AccountsService } from '../accounts/accounts.service.ts';
import { type CertificateRow, CertificatesRepository } from './certificates.repository.ts';
import { CertificateSigner } from './certificate-signer.ts';
import { type Sheet, wordSheet } from './sheet/sheet.ts';

/** What a certificate is issued for. */
export interface Achievement {
  readonly userId: UserId;
  readonly courseId: CourseId;
  readonly courseTitle: string;
  /** The organisation that offers the course. */
  readonly place: string;
  readonly seconds: number;
}

const PRODUCT = 'Yike';

@Injectable()
export class CertificatesService {
  constructor(
    private readonly certificates: CertificatesRepository,
    private readonly signer: CertificateSigner,
    private readonly accounts: AccountsService,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly unitOfWork: UnitOfWork,
    private readonly acts: Acts,
  ) {}

  /** Issues a certificate in the transaction of the completion, once for each resident and course. */
  async issue({ userId, courseId, courseTitle, place, seconds }: Achievement, tx: Tx): Promise<void> {
    if (await this.certificates.has(userId, courseId, tx)) return;
    const person = (await this.accounts.people([userId], tx)).get(userId);
    const issuedAtMs = this.clock.nowMs();
    const row = {
      ...{ id: this.ids.next(CertificateId), userId, courseId, courseTitle, seconds, issuedAtMs },
      number: certificateNumber(new Date(issuedAtMs).getUTCFullYear(), randomBytes(NUMBER_BYTES)),
      maskedName: maskName(person?.displayName ?? ''),
      place: place === '' ? null : place,
      issuer: place === '' ? PRODUCT : place,
      status: 'valid' as const,
    };
    await this.certificates.insert({ ...row, credential: await this.signer.sign(factsOf(row)) }, tx);
  }

  async ofUser(userId: UserId, origin: string): Promise<Certificate[]> {
    const rows = await this.certificates.ofUser(userId, this.unitOfWork.reader);
    return rows.map((row) => ({
      id: row.id,
      number: row.number,
      courseTitle: row.courseTitle,
      courseId: row.courseId,
      seconds: row.seconds,
      issuedAt: new Date(row.issuedAtMs).toISOString(),
      issuer: row.issuer,
      verifyUrl: verifyUrl(origin, row.number),
    }));
  }

  countOf(userId: UserId): Promise<number> {
    return this.certificates.countOf(userId, this.unitOfWork.reader);
  }

  /**
   * The sheet to print, for its holder.
   * @throws NotFound for everybody else, and where it is not valid any more
   */
  async sheetOf(number: string, holder: SignedInUser, origin: string): Promise<Sheet> {
    const row = await this.certificates.byNumber(number, this.unitOfWork.reader);
    if (row === null) throw new NotFound('there is no such certificate');
    this.acts.allow(holder, 'certificate.download', { ownerId: row.userId, isHidden: true });
    if (row.status !== 'valid') throw new NotFound('there is no such certificate');
    return wordSheet({
      facts: factsOf(row),
      holderName: holder.displayName,
      checkUrl: credentialUrl(origin, row),
    });
  }

  /**
   * What anyone may see of a number; an unknown one says so and nothing else.
   * @param asking who is signed in, null for a stranger
   */
  async check(number: string, origin: string, asking: UserId | null): Promise<CertificateCheck> {
    const checkedAt = this.clock.now().toISOString();
    const row = await this.certificates.byNumber(number, this.unitOfWork.reader);
    if (row === null) return { ...UNKNOWN, number, checkedAt };
    const facts = factsOf(row);
    return {
      ...facts,
      status: row.status,
      signatureValid: await this.signer.isValid(row.credential, facts),
      checkedAt,
      isMine: row.userId === asking,
      qrSvg: await qrToString(credentialUrl(origin, row), {
        type: 'svg',
        errorCorrectionLevel: 'L',
        margin: 2,
      }),
    };
  }
}

const UNKNOWN = {
  status: 'unknown',
  signatureValid: false,
  maskedName: null,
  courseTitle: null,
  place: null,
  seconds: null,
  issuedAt: null,
  issuer: null,
  qrSvg: null,
  isMine: false,
} as const;

const verifyUrl = (origin: string, number: string): string => `${origin}/verify/${number}`;

/** The credential stands behind the hash: the server never sees it, an offline checker does. */
const credentialUrl = (origin: string, { number, credential }: CertificateRow): string =>
  `${verifyUrl(origin, number)}#${credential}`;

const factsOf = (row: Omit<CertificateRow, 'id' | 'credential' | 'status'>): CertificateFacts => ({
  number: row.number,
  maskedName: row.maskedName,
  courseTitle: row.courseTitle,
  place: row.place,
  seconds: row.seconds,
  issuedAt: new Date(row.issuedAtMs).toISOString(),
  issuer: row.issuer,
});
