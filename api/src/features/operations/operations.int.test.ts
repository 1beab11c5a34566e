import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../../testing/api-under-test.ts';
import { FakeMediaNode } from '../../testing/fake-media-node.ts';
import { planLecture } from '../../testing/lectures.ts';
import { replayOf } from '../../testing/recorded-lecture.ts';
import type { Visitor } from '../../testing/visitor.ts';
import { LedgerWatch } from './ledger-watch.ts';

let api: ApiUnderTest;
let node: FakeMediaNode;
let lecturer: Visitor;
beforeAll(async () => {
  api = await startApi();
  node = await FakeMediaNode.create(api.url);
  lecturer = await api.signedIn('lecturer');
});
afterAll(async () => {
  await node.close();
  await api.close();
});

interface Ready {
  readonly status: string | number;
  readonly checks: { name: string; isUp: boolean; isNeeded: boolean; reason?: string }[];
}
const ready = async (of = api) => (await of.visitor().get<Ready>('/ready')).body;
const downOf = ({ checks }: Ready) => checks.filter(({ isUp }) => !isUp).map(({ name }) => name);
const metrics = async () => (await fetch(new URL('/metrics', api.url))).text();
const valueOf = async (line: string) =>
  Number(
    (await metrics())
      .split('\n')
      .find((each) => each.startsWith(`${line} `))
      ?.split(' ')
      .at(-1),
  );

describe('/ready tells the truth', () => {
  it('about media nodes, which it can do without', async () => {
    expect(await ready()).toMatchObject({ status: 'degraded' });
    expect(downOf(await ready())).toEqual(['media-link']);
    await node.heartbeat();
    expect(await ready()).toMatchObject({ status: 'ready' });
    expect(await valueOf('yike_dependency_up_ratio{dependency="media-link"}')).toBe(1);
  });

  it('about the schema, which it needs', async () => {
    const [last] = await api.sql<{ id: number; name: string; timestamp: string }>(
      'DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations) RETURNING *',
    );
    const answer = await api.visitor().get<Ready>('/ready');
    expect(answer).toMatchObject({ status: 503, body: { code: 'service-unavailable' } });
    expect(downOf(answer.body)).toEqual(['migrations']);
    expect(answer.body.checks.find(({ name }) => name === 'migrations')?.reason).toContain(last?.name);
    await api.sql('INSERT INTO migrations (id, name, timestamp) VALUES ($1, $2, $3)', [
      last?.id,
      last?.name,
      last?.timestamp,
    ]);
    expect((await api.visitor().get('/ready')).status).toBe(200);
  });

  it('about object storage, which it can do without', async () => {
    const without = await startApi({ S3_ENDPOINT: 'http://127.0.0.1:9' });
    const told = await ready(without);
    expect(told).toMatchObject({ status: 'degraded' });
    expect(downOf(told)).toContain('storage');
    await without.close();
  });

  it('and keeps the reasons from strangers', async () => {
    const { body } = await api
      .visitor()
      .send('GET', '/ready', undefined, { 'x-forwarded-for': '203.0.113.9' });
    expect(body).toEqual({ status: 'ready' });
  });
});

describe('the figures', () => {
  it('each have a unit in name and help, and only labels that this code names', async () => {
    await lecturer.get('/api/lectures/01936f00-0000-7000-8000-000000000001');
    await node.deliver([{ id: '01936f00-0000-7000-8000-000000000009', type: 'of a stranger' }]);
    const text = await metrics();
    const helps = [...text.matchAll(/^# HELP (yike_\S+) (.+)$/gm)];
    expect(helps.length).toBeGreaterThan(15);
    for (const [, name, help] of helps) {
      expect(name).toMatch(/_(total|seconds|ratio|bytes|units|[a-z]+s)$/);
      expect(help, name).toMatch(/Unit: .+\.$/);
    }
    const labels = new Set([...text.matchAll(/([a-z_]+)="/g)].map(([, label]) => label));
    const named = [
      'method',
      'route',
      'status',
      'event',
      'outcome',
      'type',
      'state',
      'dependency',
      'asset',
      'le',
    ];
    const ofRuntime = ['kind', 'space', 'version', 'major', 'minor', 'patch', 'quantile'];
    expect([...labels].filter((label) => ![...named, ...ofRuntime].includes(label ?? ''))).toEqual([]);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(text).toContain('route="/api/lectures/:lectureId"');
    expect(text).toContain('type="other"');
  });

  it('count gaps, parked events and the time of events', async () => {
    await replayOf(api, node, lecturer, [
      { epoch: 0, startMs: 0, segments: 2 },
      { epoch: 1, startMs: 11_000, segments: 2 },
    ]);
    expect(await valueOf('yike_recordings_gap_seconds')).toBe(3);
    expect(await valueOf('yike_recordings_unfinished_recordings')).toBe(0);
    expect(await valueOf('yike_media_events_parked_events')).toBe(1);
    expect(await valueOf('yike_media_event_lag_seconds_count{type="recording.completed"}')).toBe(1);
  });

  it('prove the ledger', async () => {
    const audit = await api.app.get(LedgerWatch, { strict: false }).check();
    expect(audit.chain.verified).toBe(true);
    expect(await valueOf('yike_ledger_sum_units{asset="credit"}')).toBe(0);
    expect(await valueOf('yike_ledger_verified_ratio')).toBe(1);
    expect(Date.now() / 1000 - (await valueOf('yike_ledger_checked_timestamp_seconds'))).toBeLessThan(60);
  });
});

describe('a request’s id', () => {
  const REQUEST_ID = 'a-page-made-this-one';

  it('is the page’s own, in the answer, in a problem, and at the media node', async () => {
    await node.heartbeat();
    const lecture = await planLecture(lecturer);
    const before = node.requestIds.length;
    const started = await lecturer.send('POST', `/api/lectures/${lecture.id}/broadcast`, undefined, {
      'x-request-id': REQUEST_ID,
    });
    expect(started.headers.get('x-request-id')).toBe(REQUEST_ID);
    expect(node.requestIds.slice(before)).toEqual([REQUEST_ID]);
    const refused = await lecturer.send('GET', '/api/nothing', undefined, { 'x-request-id': REQUEST_ID });
    expect(refused.body).toMatchObject({ requestId: REQUEST_ID });
  });

  it('is made where the page’s is no id', async () => {
    const answer = await lecturer.send('GET', '/api/lectures', undefined, { 'x-request-id': '"level":50' });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is numbered on a socket, and in what its messages are refused with', async () => {
    const socket = io(api.url, {
      path: '/api/socket.io',
      transports: ['websocket'],
      auth: { requestId: REQUEST_ID },
    });
    const refusal = () => socket.emitWithAck('lease:take', {}) as Promise<{ problem: { requestId: string } }>;
    expect((await refusal()).problem.requestId).toBe(`${REQUEST_ID}.1`);
    expect((await refusal()).problem.requestId).toBe(`${REQUEST_ID}.2`);
    const line = 'yike_socket_message_seconds_count{event="lease:take",outcome="not-signed-in"}';
    expect(await valueOf(line)).toBe(2);
    expect(await valueOf('yike_socket_connections')).toBe(1);
    socket.close();
    await expect.poll(() => valueOf('yike_socket_connections')).toBe(0);
  });
});
