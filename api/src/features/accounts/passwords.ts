import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's second choice of parameters for argon2id (2, `Algorithm.Argon2id`): 19 MiB, two passes, one lane. */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** argon2id, computed outside the event loop. */
export const hashPassword = (password: string): Promise<string> => hash(password, PARAMETERS);

@Injectable()
export class Passwords implements OnModuleInit {
  private nobody = '';

  async onModuleInit(): Promise<void> {
    this.nobody = await hashPassword('nobody has this password');
  }

  /** Takes as long for an unknown user (no hash) as for a known one with a wrong password. */
  async matches(password: string, storedHash: string | null | undefined): Promise<boolean> {
    const isMatch = await verify(storedHash ?? this.nobody, password);
    return isMatch && typeof storedHash === 'string';
  }
}
