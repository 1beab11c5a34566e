import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createLogger } from '../logger.ts';
import { maskLine } from './mask-line.ts';

it.each([
  { line: '{"msg":"who is 13812345678?"}', masked: '{"msg":"who is 138****5678?"}' },
  { line: '{"13812345678":"11010519491231002X"}', masked: '{"138****5678":"110***********002X"}' },
  { line: '{"m":"\\"13812345678\\"\\n"}', masked: '{"m":"\\"138****5678\\"\\n"}' },
  { line: '{"bytes":13812345678,"msg":"sent"}', masked: '{"bytes":13812345678,"msg":"sent"}' },
  { line: '{"time":1763800000000,"a":"x","n":13812345678,"b":"y"}' },
  { line: '{"requestId":"019a8f3c-1381-7234-8567-813812345678"}' },
])('$line', ({ line, masked = line }) => {
  expect(maskLine(line)).toBe(masked);
  expect(() => void JSON.parse(maskLine(line))).not.toThrow();
});

it('the log masks what an error says, and leaves out what a query was given', () => {
  const lines: string[] = [];
  const into = new Writable({
    write: (chunk: Buffer, _, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const error = Object.assign(new Error('no 13812345678'), {
    parameters: ['王秀英'],
    detail: 'row (王秀英)',
  });
  createLogger('info', into).error({ err: error, path: '/x/13812345678' }, 'refused 11010519491231002X');
  expect(lines.join('')).not.toMatch(/13812345678|11010519491231002X|王秀英/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ path: '/x/138****5678', level: 50 });
});
