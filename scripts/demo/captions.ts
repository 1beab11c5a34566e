import type { Locale } from '@yike/contracts/http/accounts';
import type { Saying, Slide } from './film.ts';

const LANGUAGES: Readonly<Record<Locale, 0 | 1>> = { 'zh-CN': 0, en: 1 };
/** Between two sentences the picture is left alone. */
const PAUSE_MS = 400;

/** A run of slides and where on the timeline its first one stands. */
export interface Run {
  readonly startMs: number;
  readonly slides: readonly Slide[];
}

/** A film's captions in one language as WebVTT, on the timeline's clock: each slide's sentences share its time. */
export function writeCaptions(runs: readonly Run[], language: Locale): string {
  const cues = runs.flatMap(({ startMs, slides }) => {
    let slideMs = startMs;
    return slides.flatMap(({ says, seconds }) => {
      const shareMs = (seconds * 1_000) / says.length;
      const fromMs = slideMs;
      slideMs += seconds * 1_000;
      return says.map((saying, index) => cue(fromMs + shareMs * index, shareMs, saying, language));
    });
  });
  return ['WEBVTT', ...cues].join('\n\n').concat('\n');
}

function cue(fromMs: number, lengthMs: number, saying: Saying, language: Locale): string {
  return `${clock(fromMs)} --> ${clock(fromMs + lengthMs - PAUSE_MS)}\n${saying[LANGUAGES[language]]}`;
}

/** `hh:mm:ss.mmm` */
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 23);
