import { IdentityFault } from '@yike/contracts/identity';
import type { ApiProblem } from '#lib/api/call.ts';
import type { Language } from '#lib/i18n/language.svelte.ts';

/** What is wrong, as exactly as the API knows: the fault of the first field that it names, else the problem's own line. */
export function problemWords({ t }: Pick<Language, 't'>, { problem }: ApiProblem): string {
  const fault = IdentityFault.safeParse(problem.issues?.[0]?.message);
  return fault.success ? t(`fault.${fault.data}`) : t(`problem.${problem.code}`);
}
