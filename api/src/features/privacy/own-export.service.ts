import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { UserId } from '@yike/contracts/ids';
import type { Logger } from 'pino';
import { ZipFile } from 'yazl';
import { Clock } from '../../platform/clock.ts';
import { UnitOfWork } from '../../platform/database/unit-of-work.ts';
import type { SignedInUser } from '../../platform/security/actor.ts';
import { LOGGER } from '../../platform/tokens.ts';
import { CertificatesService } from '../certificates/certificates.service.ts';
import { drawSheet } from '../certificates/sheet/draw-sheet.ts';
import { PersonalDataService } from '../people/personal-data.service.ts';
import { OWN_RECORDS, type OwnRecords } from './own-records.ts';
import { OwnRecordsRepository } from './own-records.repository.ts';

const README = `这里是本站保存的、关于您的全部数据。
person.json 是您的实名信息(未打码,请妥善保管);learning 是学习记录与学时流水;certificates 是您的培训证;
teaching 与 office 只有讲师和工作人员才有内容。时间为协调世界时(UTC),以 _ms 结尾的数字单位为毫秒。

Everything that this site keeps about you.
person.json is who you are, unmasked: keep it safe. learning holds what you watched and the entries of your account,
certificates your certificates; teaching and office have something in them for lecturers and staff only. Times are UTC,
numbers ending in _ms are milliseconds.
`;

/** Writes everything about a person into one archive. */
@Injectable()
export class OwnExportService {
  constructor(
    private readonly people: PersonalDataService,
    private readonly certificates: CertificatesService,
    private readonly records: OwnRecordsRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** The archive as a stream: parts are read and drawn only when the reader is there. */
  async zip(user: SignedInUser, origin: string): Promise<Readable> {
    const zip = new ZipFile();
    const archive = new Readable().wrap(zip.outputStream);
    zip.on('error', (error: Error) => {
      this.log.error({ err: error }, 'an export broke off');
      archive.destroy(error);
    });
    const dated = { mtime: this.clock.now() };
    zip.addBuffer(Buffer.from(README), 'README.txt', dated);
    const person = await this.people.whole(user.id);
    zip.addBuffer(Buffer.from(JSON.stringify(person, undefined, 2)), 'person.json', dated);
    for (const records of OWN_RECORDS)
      zip.addReadStreamLazy(records.file, dated, (give) =>
        give(null, Readable.from(this.list(records, user.id))),
      );
    for (const { number } of await this.certificates.ofUser(user.id, origin))
      zip.addReadStreamLazy(`certificates/${number}.pdf`, { ...dated, compress: false }, (give) =>
        give(null, Readable.from(this.sheet(number, user, origin))),
      );
    zip.end();
    return archive;
  }

  private async *list(records: OwnRecords, userId: UserId): AsyncGenerator<string> {
    let before = '[\n';
    for await (const row of this.records.rows(records, userId, this.unitOfWork.reader)) {
      yield before + row;
      before = ',\n';
    }
    yield before === ',\n' ? '\n]\n' : '[]\n';
  }

  private async *sheet(number: string, user: SignedInUser, origin: string): AsyncGenerator<Buffer> {
    yield await drawSheet(await this.certificates.sheetOf(number, user, origin));
  }
}
