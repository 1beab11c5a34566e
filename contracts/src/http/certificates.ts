import { z } from 'zod';
import { CertificateId, CourseId } from '../ids.ts';
import { Instant } from '../time.ts';
import { endpoint } from './endpoint.ts';

/** Digits and capital letters without look-alikes: `YK-2026-7F3KM9XQ2A`. */
export const CertificateNumber = z.string().regex(/^YK-\d{4}-[2-9A-HJKMNP-TV-Z]{10}$/);
export type CertificateNumber = z.infer<typeof CertificateNumber>;

export const Certificate = z
  .object({
    id: CertificateId,
    number: CertificateNumber,
    courseTitle: z.string(),
    courseId: CourseId.nullable(),
    seconds: z.int(),
    issuedAt: Instant,
    issuer: z.string(),
    verifyUrl: z.string(),
  })
  .meta({ id: 'Certificate' });
export type Certificate = z.infer<typeof Certificate>;

/** What anyone may see: a masked name, never an ID number. */
export const CertificateCheck = z
  .object({
    number: z.string(),
    status: z.enum(['valid', 'replaced', 'revoked', 'unknown']),
    /** The signature over the certificate's facts was checked just now with the issuer's public key. */
    signatureValid: z.boolean(),
    maskedName: z.string().nullable(),
    courseTitle: z.string().nullable(),
    place: z.string().nullable(),
    seconds: z.int().nullable(),
    issuedAt: Instant.nullable(),
    issuer: z.string().nullable(),
    checkedAt: Instant,
    /** SVG of a QR code that leads to this page and carries the signed credential. */
    qrSvg: z.string().nullable(),
    /** Whether its holder asks: only they can download it. */
    isMine: z.boolean(),
  })
  .meta({ id: 'CertificateCheck' });
export type CertificateCheck = z.infer<typeof CertificateCheck>;

export const listMyCertificates = endpoint({
  method: 'GET',
  path: '/api/me/certificates',
  reply: z.object({ items: z.array(Certificate) }),
});
/** Public, rate-limited; an unknown number answers 200 with status `unknown`. */
export const checkCertificate = endpoint({
  method: 'GET',
  path: '/api/certificates/:number',
  reply: CertificateCheck,
});
/** The sheet to print (`application/pdf`), for its holder; for everybody else, and where it is not valid any more, 404. */
export const downloadCertificate = endpoint({
  method: 'GET',
  path: '/api/certificates/:number/pdf',
  reply: z.unknown(),
});
