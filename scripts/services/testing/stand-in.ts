// A child for the supervisor's tests: says when it starts and ends, answers /ready, and dies when told to.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { NAME = '', PORT = '0', DIARY = '', DIE_AT_START = '', DEAF = '' } = process.env;
const note = (word: string): void => appendFileSync(DIARY, `${NAME} ${word}\n`);

note('starts');
if (DIE_AT_START !== '') {
  console.error('no such luck');
  process.exit(3);
}
createServer((incoming, reply) => {
  if (incoming.url === '/die') process.exit(4);
  reply.end('ready');
}).listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => {
  if (DEAF !== '') return;
  note('ends');
  process.exit(0);
});
process.stdin.resume().on('end', () => {
  note('orphaned');
  process.exit(0);
});
