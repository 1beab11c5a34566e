// In the image's build: gets the mediasoup worker as `npm start` does, and copies it with its libraries to the folder that is named.
import { cpSync } from 'node:fs';
import path from 'node:path';
import { ensureMediaWorker } from '../scripts/setup/media-worker.ts';

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('say where the worker is to lie');
const { bin, origin } = await ensureMediaWorker((line) => console.log(line));
cpSync(path.dirname(bin), target, { recursive: true });
console.log(`mediasoup worker: ${origin}`);
