import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { API_VARIABLES } from '../api/src/config.ts';
import { MEDIA_VARIABLES } from '../media/src/config.ts';
import { inCheckout } from '../scripts/host/paths.ts';

const text = (...file: string[]): string => readFileSync(inCheckout(...file), 'utf8');
const found = (where: string, pattern: RegExp): string[] => [
  ...new Set(Array.from(where.matchAll(pattern), ([, name = '']) => name)),
];

/** The variables in the table under a heading of docs/configuration.md. */
function documented(heading: string): string[] {
  const section = text('docs', 'configuration.md')
    .split(/^## /m)
    .find((each) => each.startsWith(`${heading}\n`));
  return found(section ?? '', /^\| `(\w+)`/gm);
}

it.each([
  { heading: 'API', variables: API_VARIABLES },
  { heading: 'Media node', variables: MEDIA_VARIABLES },
  { heading: 'docker-compose.yml', variables: found(text('docker-compose.yml'), /(?<!\$)\$\{(\w+)/g) },
  {
    heading: 'npm start',
    variables: found(text('scripts', 'options.ts'), /\benv(?:, '|\.)([A-Z]\w+)/g).filter(
      (name) => name !== 'NODE_ENV',
    ),
  },
])(
  '$heading: each variable that is read is documented, each documented one is read',
  ({ heading, variables }) => {
    expect(documented(heading).toSorted()).toEqual([...variables].toSorted());
  },
);

it('.env.example sets what docker-compose.yml asks for, and nothing that it does not', () => {
  const set = found(text('.env.example'), /^#?([A-Z_]+)=/gm).filter(
    (name) => name !== 'COMPOSE_PROJECT_NAME',
  );
  const asked = found(text('docker-compose.yml'), /(?<!\$)\$\{(\w+)/g);
  const required = found(text('docker-compose.yml'), /\$\{(\w+):\?/g);
  for (const name of set) expect(asked).toContain(name);
  for (const name of required) expect(set).toContain(name);
});

it.each(found(text('deploy', 'Caddyfile'), /\{\$(\w+)\}/g))('docker-compose.yml gives Caddy %s', (name) => {
  expect(text('docker-compose.yml')).toMatch(new RegExp(`^ +${name}: `, 'm'));
});
