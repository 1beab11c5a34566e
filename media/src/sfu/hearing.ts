/** Two looks a second. A quiet publisher may be back in a moment: viewers are told, the recorder fills … */
const QUIET_AFTER_LOOKS = 3;
/** … a silent one is away: the epoch ends. */
const SILENT_AFTER_LOOKS = 8;

/** Whether packets come, as far as some looks have told. Looks, not time: the one who looks may have been stopped. */
export interface Hearing {
  readonly packets: number;
  readonly looksWithout: number;
  /** Nothing was ever heard: whoever is about to begin is not silent. */
  readonly hasBegun: boolean;
}

export const NOT_YET_HEARD: Hearing = { packets: 0, looksWithout: 0, hasBegun: false };

/** @param packets all that have come so far; fewer than before where the counting began anew */
export function lookAgain(hearing: Hearing, packets: number): Hearing {
  if (packets === hearing.packets) return { ...hearing, looksWithout: hearing.looksWithout + 1 };
  return { packets, looksWithout: 0, hasBegun: true };
}

export const isQuiet = ({ hasBegun, looksWithout }: Hearing): boolean =>
  hasBegun && looksWithout >= QUIET_AFTER_LOOKS;

export const isSilent = ({ hasBegun, looksWithout }: Hearing): boolean =>
  hasBegun && looksWithout >= SILENT_AFTER_LOOKS;
