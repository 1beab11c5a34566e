import type { Topic } from '@yike/contracts/http/lectures';

/** A sentence of the captions in both languages. */
export type Saying = readonly [zh: string, en: string];

/** One picture: a heading, a few lines below it, and what the captions say meanwhile. */
export interface Slide {
  readonly heading: string;
  readonly lines: readonly string[];
  /** How long it stands; a multiple of {@link LOOP_SECONDS}. */
  readonly seconds: number;
  readonly says: readonly Saying[];
}

/** What moves in a film's pictures. */
export type Motif = 'sun' | 'ripples' | 'waves' | 'flower' | 'leaves' | 'balloons' | 'steps' | 'seal';

/** A demo film as it is made: pictures, music and captions, no speech. */
export interface Film {
  readonly slug: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly summary: { readonly zh: string; readonly en: string };
  readonly topic: Topic;
  /** Ground and accent of the pictures, as `0xrrggbb`. */
  readonly colours: { readonly ground: string; readonly accent: string };
  readonly motif: Motif;
  /** The music: a scale in Hz from low to high, and how long a note is. */
  readonly music: { readonly scale: readonly number[]; readonly noteSeconds: number };
  readonly slides: readonly Slide[];
}

/** A lecture that broke off once: its recording has two epochs and a gap between them. */
export interface InterruptedFilm extends Film {
  readonly interruption: { readonly afterSlides: number; readonly seconds: number };
}

/** Pictures move in loops of this length, which are encoded once and repeated by copying. */
export const LOOP_SECONDS = 4;

export const secondsOf = (slides: readonly Slide[]): number =>
  slides.reduce((sum, { seconds }) => sum + seconds, 0);
