import type { Film } from './film.ts';

/** Steps of the scale; every film takes up the phrase at another place. */
const PHRASE = [0, 2, 3, 4, 3, 2, 1, 2, 0, 3, 5, 4, 3, 1, 2, 0] as const;
const RATE = 48_000;

/** ffmpeg's input for the music: a phrase of plucked notes over a drone, repeated: calm, and never silent. */
export function musicInput({ music: { scale, noteSeconds }, slug }: Film): string[] {
  const from = slug.length % PHRASE.length;
  const phrase = [...PHRASE.slice(from), ...PHRASE.slice(0, from)];
  const notes = phrase.map((step) => {
    const pluck = `afade=t=in:d=0.01,afade=t=out:st=0.02:d=${noteSeconds - 0.02}:curve=exp`;
    return `sine=frequency=${scale[step] ?? 440}:duration=${noteSeconds}:sample_rate=${RATE},${pluck}`;
  });
  const names = notes.map((_, index) => `[n${index}]`);
  const seconds = phrase.length * noteSeconds;
  const graph = [
    ...notes.map((note, index) => `${note}${names[index] ?? ''}`),
    `${names.join('')}concat=n=${notes.length}:v=0:a=1,aecho=0.8:0.6:180:0.3[melody]`,
    `sine=frequency=${(scale[0] ?? 220) / 2}:duration=${seconds}:sample_rate=${RATE},volume=0.25[drone]`,
    `[melody][drone]amix=inputs=2:duration=first:normalize=0,volume=4,aloop=loop=-1:size=${seconds * RATE}[out0]`,
  ];
  return ['-f', 'lavfi', '-i', graph.join(';')];
}
