import { needsResource, type Action, ruleOf } from '../../domain/policy/actions.ts';
import type { RequestNotes } from '../observability/request-context.ts';

/** What is missing of an act that its rule asks for; null where nothing is. */
export function missingOf(action: Action, notes: RequestNotes | undefined): string | null {
  if (needsResource(action) && notes?.decided.has(action) !== true) return 'nobody decided about the thing';
  if (ruleOf(action).audited && notes?.audited.has(action) !== true) return 'it is not in the audit log';
  return null;
}
