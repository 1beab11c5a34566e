import { type Choice, CHOICES } from './line-rule.ts';

const KEY = 'yike-live-choice';

/** How the resident chose to watch on this device; sound alone where the device was told to save data. */
export function recallChoice(): Choice {
  const kept = CHOICES.find((choice) => choice === localStorage.getItem(KEY));
  return kept ?? (savesData() ? 'sound' : 'auto');
}

export function keepChoice(choice: Choice): void {
  localStorage.setItem(KEY, choice);
}

/** Chromium tells; other browsers have no such switch. */
function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}
