import path from 'node:path';
import { build } from 'vite';

/** A script and all that it imports as one classic script, for a page. */
export async function bundle(script: string): Promise<string> {
  const entry = path.join(import.meta.dirname, script);
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'page' } },
  });
  const [first] = [built].flat();
  if (first === undefined || !('output' in first)) throw new Error(`${script} gives no bundle`);
  return first.output[0].code;
}
