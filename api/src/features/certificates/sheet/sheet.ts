import { maskName, type CertificateFacts } from '../../../domain/certificates.ts';

/** What is printed on a certificate, word for word. */
export interface Sheet {
  readonly number: string;
  readonly holder: string;
  readonly courseTitle: string;
  readonly hours: { readonly zh: string; readonly en: string };
  readonly issuer: string;
  readonly issuedOn: { readonly zh: string; readonly en: string };
  readonly issuedAt: Date;
  /** What the QR code holds: the public check's address, the signed credential behind its hash. */
  readonly checkUrl: string;
}

export interface SheetSource {
  readonly facts: CertificateFacts;
  /** The holder's name as the account has it today. */
  readonly holderName: string;
  readonly checkUrl: string;
}

/** 45 minutes. */
const SECONDS_PER_CLASS_HOUR = 2_700;
const SHANGHAI = { timeZone: 'Asia/Shanghai' } as const;
const DATE_ZH = new Intl.DateTimeFormat('zh-CN', { ...SHANGHAI, dateStyle: 'long' });
const DATE_EN = new Intl.DateTimeFormat('en-GB', { ...SHANGHAI, dateStyle: 'long' });

/**
 * Words a certificate. The signature covers the masked name only, so the whole one is printed where it masks to just that; a name
 * that has changed since is printed masked, until a new certificate replaces this one.
 */
export function wordSheet({ facts, holderName, checkUrl }: SheetSource): Sheet {
  const { number, courseTitle, seconds, issuer, maskedName } = facts;
  const issuedAt = new Date(facts.issuedAt);
  const hours = (Math.floor((seconds * 100) / SECONDS_PER_CLASS_HOUR) / 100).toFixed(2);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return {
    ...{ number, courseTitle, issuer, issuedAt, checkUrl },
    holder: maskName(holderName) === maskedName ? holderName.trim() : maskedName,
    hours: {
      zh: `${hours} 学时（有效学习 ${minutes} 分 ${rest} 秒）`,
      en: `${hours} class ${hours === '1.00' ? 'hour' : 'hours'} (${minutes} min ${rest} s of valid time)`,
    },
    issuedOn: { zh: DATE_ZH.format(issuedAt), en: DATE_EN.format(issuedAt) },
  };
}
