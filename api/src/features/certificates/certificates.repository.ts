import { Injectable } from '@nestjs/common';
import type { CertificateId, CourseId, UserId } from '@yike/contracts/ids';
import type { Tx } from '../../platform/database/unit-of-work.ts';

export interface CertificateRow {
  readonly id: CertificateId;
  readonly number: string;
  readonly userId: UserId;
  readonly courseId: CourseId;
  readonly maskedName: string;
  readonly courseTitle: string;
  readonly place: string | null;
  readonly seconds: number;
  readonly issuedAtMs: number;
  readonly issuer: string;
  /** The signed facts, a compact JWS. */
  readonly credential: string;
  readonly status: 'valid' | 'replaced' | 'revoked';
}

const COLUMNS = `id, number, user_id AS "userId", course_id AS "courseId", masked_name AS "maskedName",
  course_title AS "courseTitle", place, seconds, issued_at_ms AS "issuedAtMs", issuer, credential, status`;

@Injectable()
export class CertificatesRepository {
  async has(userId: UserId, courseId: CourseId, tx: Tx): Promise<boolean> {
    const found = await tx.query<unknown[]>(
      "SELECT 1 FROM certificates WHERE user_id = $1 AND course_id = $2 AND status = 'valid'",
      [userId, courseId],
    );
    return found.length > 0;
  }

  async insert(row: CertificateRow, tx: Tx): Promise<void> {
    await tx.query(
      `INSERT INTO certificates (id, number, user_id, course_id, masked_name, course_title, place, seconds, issued_at_ms,
         issuer, credential, status) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        row.id,
        row.number,
        row.userId,
        row.courseId,
        row.maskedName,
        row.courseTitle,
        row.place,
        row.seconds,
        row.issuedAtMs,
        row.issuer,
        row.credential,
        row.status,
      ],
    );
  }

  /** Latest first. */
  ofUser(userId: UserId, tx: Tx): Promise<CertificateRow[]> {
    return tx.query(
      `SELECT ${COLUMNS} FROM certificates WHERE user_id = $1 AND status = 'valid' ORDER BY issued_at_ms DESC, id DESC`,
      [userId],
    );
  }

  async countOf(userId: UserId, tx: Tx): Promise<number> {
    const [{ count } = { count: 0 }] = await tx.query<{ count: number }[]>(
      "SELECT count(*)::int AS count FROM certificates WHERE user_id = $1 AND status = 'valid'",
      [userId],
    );
    return count;
  }

  async byNumber(number: string, tx: Tx): Promise<CertificateRow | null> {
    const [row] = await tx.query<CertificateRow[]>(`SELECT ${COLUMNS} FROM certificates WHERE number = $1`, [
      number,
    ]);
    return row ?? null;
  }
}
