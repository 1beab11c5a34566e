import { Agent, get } from 'node:http';

/** One request to be made. */
export interface Wanted {
  readonly url: string;
  readonly cookie?: string;
}

export interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly bytes: number;
}

const AT_ONCE = 16;

/** Makes all requests over a few kept connections, some at once, each answer read to its end. */
export async function requestAll(wanted: readonly Wanted[]): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const answers: Answer[] = [];
  const waiting = wanted.values();
  const work = async (): Promise<void> => {
    for (const each of waiting) answers.push(await request(each, agent));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  agent.destroy();
  return answers;
}

function request({ url, cookie }: Wanted, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: cookie === undefined ? {} : { cookie } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, location: response.headers.location, bytes }),
      );
      response.once('error', reject);
    }).once('error', reject);
  });
}
