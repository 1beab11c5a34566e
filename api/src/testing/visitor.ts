import { Problem } from '@yike/contracts/problem';

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A browser as far as the API sees one: it keeps cookies, says its origin, and follows no redirect. */
export class Visitor {
  readonly origin: string;
  readonly #cookies = new Map<string, string>();

  constructor(origin: string) {
    this.origin = origin;
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get sessionToken(): string | undefined {
    return this.#cookies.get('yike_session');
  }

  set sessionToken(token: string | undefined) {
    if (token === undefined) this.#cookies.delete('yike_session');
    else this.#cookies.set('yike_session', token);
  }

  /** The body is parsed where it is JSON; `T` is what the test expects it to be. */
  async send<T = unknown>(
    method: Method,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const answer = await fetch(new URL(path, this.origin), {
      method,
      redirect: 'manual',
      headers: {
        ...(method === 'GET' ? {} : { origin: this.origin }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.cookie === '' ? {} : { cookie: this.cookie }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    this.#keepCookies(answer.headers);
    const text = await answer.text();
    const isJson = (answer.headers.get('content-type') ?? '').includes('json');
    return { status: answer.status, headers: answer.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.send<T>('GET', path);
  }

  post<T>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.send<T>('POST', path, body);
  }

  /** The code of the problem that the request is answered with; fails if it is none. */
  async refusal(method: Method, path: string, body?: unknown): Promise<string> {
    const answer = await this.send(method, path, body);
    return Problem.parse(answer.body).code;
  }

  async signIn(username: string, password = 'yike-demo'): Promise<Answer> {
    return this.post('/api/session', { username, password });
  }

  #keepCookies(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name === undefined) continue;
      if (value === undefined || value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}
