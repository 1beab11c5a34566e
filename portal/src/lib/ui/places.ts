import type { IconComponent } from './icon.ts';

/** A main page as the bars show it; `isHere` for the one that is open. */
export interface Place {
  readonly href: string;
  readonly word: string;
  readonly icon: IconComponent;
  readonly isHere: boolean;
}
