import type { Entered } from '@yike/contracts/http/registration';
import { z } from 'zod';

const KEY = 'yike:registration';
const Draft = z.object({ phoneProof: z.string(), goodUntilMs: z.number(), next: z.string() });
export type RegistrationDraft = z.infer<typeof Draft>;

/** For this tab alone: the proof of the phone, and where the person wanted to go. Names and numbers are never stored. */
export function keepPhoneProof(entered: Extract<Entered, { kind: 'new' }>, next: string): void {
  const goodUntilMs = Date.now() + entered.validSeconds * 1000;
  const draft: RegistrationDraft = { phoneProof: entered.phoneProof, goodUntilMs, next };
  sessionStorage.setItem(KEY, JSON.stringify(draft));
}

/** Null where the phone was not proven in this tab, or too long ago. */
export function readDraft(): RegistrationDraft | null {
  const stored = sessionStorage.getItem(KEY);
  const draft = Draft.safeParse(stored === null ? null : JSON.parse(stored));
  return draft.success && draft.data.goodUntilMs > Date.now() ? draft.data : null;
}

export const forgetDraft = (): void => sessionStorage.removeItem(KEY);
