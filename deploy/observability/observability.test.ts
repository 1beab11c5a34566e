import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { inCheckout } from '../../scripts/host/paths.ts';
import { filesBelow } from '../../scripts/setup/stamps.ts';

const read = (...parts: string[]): string => readFileSync(inCheckout(...parts), 'utf8');

const Alerts = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.strictObject({ summary: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
});
const Panel = z.looseObject({
  id: z.int(),
  title: z.string(),
  targets: z.array(z.looseObject({ expr: z.string() })).default([]),
});
const Dashboard = z.looseObject({ uid: z.string(), title: z.string(), panels: z.array(Panel) });
const Prometheus = z.looseObject({
  rule_files: z.array(z.string()),
  scrape_configs: z.array(
    z.looseObject({
      job_name: z.string(),
      dns_sd_configs: z.array(z.looseObject({ names: z.array(z.string()), port: z.int() })).optional(),
    }),
  ),
});

const alerts = Alerts.parse(parse(read('deploy', 'observability', 'alerts.yml'))).groups.flatMap(
  ({ rules }) => rules,
);
const dashboard = Dashboard.parse(
  JSON.parse(read('deploy', 'observability', 'grafana', 'dashboards', 'yike.json')),
);
const prometheus = Prometheus.parse(parse(read('deploy', 'observability', 'prometheus.yml')));

/** Names that our processes register, as their sources say them. */
const OWN = new Set(
  ['api', 'media']
    .flatMap((room) => filesBelow(inCheckout(room, 'src')))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/name: '(yike_\w+)'/g)].map(([, name]) => name),
    ),
);
/** Those of Prometheus itself, and of prom-client's collector for Node. */
const FOREIGN = new Set([
  'up',
  'nodejs_eventloop_lag_p99_seconds',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
]);

const namesIn = (expr: string): string[] => [
  ...new Set([...expr.matchAll(/\b(?:yike_\w+|nodejs_\w+|process_\w+|up)\b/g)].map(([name]) => name)),
];
const isThere = (name: string): boolean =>
  OWN.has(name) || FOREIGN.has(name) || OWN.has(name.replace(/_(?:bucket|sum|count)$/, ''));

describe('the figures that are asked for', () => {
  it('there are some', () => expect(OWN.size).toBeGreaterThan(40));

  it.each(alerts)('$alert asks for what there is', ({ expr }) => {
    const names = namesIn(expr);
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !isThere(name))).toEqual([]);
  });

  it.each(dashboard.panels.filter(({ targets }) => targets.length > 0))(
    'the panel “$title” asks for what there is',
    ({ targets }) => {
      for (const { expr } of targets) {
        expect(namesIn(expr), expr).not.toEqual([]);
        expect(namesIn(expr).filter((name) => !isThere(name))).toEqual([]);
      }
    },
  );

  it('every figure of ours is on the dashboard or has an alarm', () => {
    const asked = [
      ...alerts.map(({ expr }) => expr),
      ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ].join(' ');
    expect([...OWN].filter((name) => name !== undefined && !asked.includes(name))).toEqual([]);
  });

  it('panels have ids of their own', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('what Prometheus asks', () => {
  it('is what compose runs', () => {
    const compose = parse(read('docker-compose.yml'), { merge: true }) as {
      services: Record<string, { environment?: Record<string, string> }>;
    };
    for (const { names, port } of prometheus.scrape_configs.flatMap((job) => job.dns_sd_configs ?? []))
      for (const name of names) expect(compose.services[name]?.environment?.PORT, name).toBe(String(port));
  });
});

describe('the operator’s page', () => {
  const page = read('docs', 'operations.md');
  const partOf = (alert: string): string => page.split(`### ${alert}\n`)[1]?.split('\n### ')[0] ?? '';

  it.each(alerts)('says what to do for $alert, and names its figure', ({ alert, expr, annotations }) => {
    const part = partOf(alert);
    expect(part).toContain('**Residents**');
    expect(part).toMatch(/^1\. /m);
    const own = namesIn(expr).map((name) => name.replace(/_(?:bucket|sum|count)$/, ''));
    for (const name of own) expect(part).toContain(`\`${name}\``);
    expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
  });

  it('has no part for an alarm that does not exist', () => {
    const parts = [...page.matchAll(/^### (Yike\w+)$/gm)].map(([, name]) => name);
    expect(parts.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });

  it('names no figure that does not exist', () => {
    const named = [...page.matchAll(/\byike_[a-z_]+/g)].map(([name]) => name);
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });
});
