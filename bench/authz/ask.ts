import { Problem } from '@yike/contracts/problem';
import { io } from 'socket.io-client';
import type { AuthzRequest } from './requests.ts';
import type { Things } from './things.ts';
import type { Somebody } from './world.ts';

/** `in`: the door was passed, whatever came after it; `out`: refused, or there is nothing to see; `fault`: ours. */
export type Verdict = 'in' | 'out' | 'fault';

const REFUSED = new Set([
  ...['not-signed-in', 'forbidden', 'signature-invalid', 'needs-second-person', 'step-up-needed'],
  ...['token-invalid', 'wrong-origin'],
]);

/** Asks once, as this person, about these things. */
export async function ask(
  origin: string,
  request: AuthzRequest,
  person: Somebody | null,
  things: Things,
): Promise<{ verdict: Verdict; told: string }> {
  const wanted = await request.shows?.(things);
  const answer = request.of.startsWith('socket ')
    ? await askBySocket(origin, request, person, things)
    : await askByHttp(origin, request, person, things);
  if (answer.code === 'internal') return { verdict: 'fault', told: answer.code };
  if (answer.code !== undefined && REFUSED.has(answer.code)) return { verdict: 'out', told: answer.code };
  // Of things that are there, "not found" is a refusal; where the path names none, it is not.
  if (answer.code === 'not-found')
    return { verdict: (request.params ?? request.body) ? 'out' : 'in', told: answer.code };
  const isShown = wanted === undefined || answer.text.includes(wanted);
  return { verdict: isShown ? 'in' : 'out', told: answer.code ?? 'ok' };
}

interface Told {
  /** Of the problem; undefined where it was answered well. */
  readonly code: string | undefined;
  readonly text: string;
}

async function askByHttp(
  origin: string,
  { of, params, query, body }: AuthzRequest,
  person: Somebody | null,
  things: Things,
): Promise<Told> {
  const [method = '', path = ''] = of.split(' ');
  const values = (await params?.(things)) ?? {};
  const url = new URL(
    path.replaceAll(/:(\w+)/g, (_, name: string) => values[name] ?? 'none'),
    origin,
  );
  for (const [name, value] of Object.entries((await query?.(things)) ?? {}))
    url.searchParams.set(name, value);
  const content = method === 'GET' ? undefined : JSON.stringify((await body?.(things)) ?? {});
  const reply = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(person && { cookie: person.cookie }),
      ...(method !== 'GET' && { origin, 'content-type': 'application/json' }),
    },
    ...(content !== undefined && { body: content }),
  });
  const text = await reply.text();
  const isProblem = (reply.headers.get('content-type') ?? '').includes('problem+json');
  return { code: isProblem ? Problem.parse(JSON.parse(text)).code : undefined, text };
}

async function askBySocket(
  origin: string,
  { of, body }: AuthzRequest,
  person: Somebody | null,
  things: Things,
): Promise<Told> {
  const socket = io(origin, {
    ...{ path: '/api/socket.io', transports: ['websocket'], reconnection: false, forceNew: true },
    extraHeaders: { origin, ...(person && { cookie: person.cookie }) },
  });
  try {
    await new Promise<void>((resolve) => void socket.once('connect', resolve));
    const event = of.slice('socket '.length);
    const reply: unknown = await socket.timeout(5_000).emitWithAck(event, await body?.(things));
    const { ok, problem } = reply as { ok: boolean; problem?: { code: string } }; // The contract's Reply.
    return { code: ok ? undefined : problem?.code, text: JSON.stringify(reply) };
  } finally {
    socket.close();
  }
}
