import type { DatabaseUrls, Plan } from '../services/environments.ts';
import type { Say } from '../setup/steps.ts';

export function seedDemo(_plan: Plan, _urls: DatabaseUrls, _say: Say): Promise<[string[], string]> {
  return Promise.resolve([[], '']);
}
