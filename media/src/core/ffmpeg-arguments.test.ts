import { expect, it } from 'vitest';
import { epochArguments } from './ffmpeg-arguments.ts';

it.each([
  { video: 'copy' as const, pipes: ['pipe:1', 'pipe:3'], encoders: ['copy', 'aac'] },
  { video: 'transcode' as const, pipes: ['pipe:1', 'pipe:3'], encoders: ['libx264', 'aac'] },
  { video: 'none' as const, pipes: ['pipe:3'], encoders: ['aac'] },
])('video $video: $encoders into $pipes', ({ video, pipes, encoders }) => {
  const args = epochArguments({ video });
  const after = (option: string): string[] =>
    args.flatMap((_, index) => (args[index - 1]?.startsWith(option) ? [args[index]!] : []));
  expect(args.filter((arg) => /^pipe:[1-9]$/.test(arg))).toEqual(pipes);
  expect([...after('-c:v'), ...after('-c:a')]).toEqual(encoders);
  expect(after('-i')).toEqual(['pipe:0']);
  expect(after('-movflags')).toHaveLength(pipes.length);
});
