import { register, type Registration, CONSENT_VERSIONS } from '@yike/contracts/http/registration';
import type { Me } from '@yike/contracts/http/accounts';
import type { OrgUnitId } from '@yike/contracts/ids';
import { call } from '#lib/api/call.ts';
import { isNumberOfMinor } from './age.ts';
import { CodeRequest } from './code-request.svelte.ts';

export type ChosenGroup = Registration['groups'][number];

/** What a resident fills in, step by step; nothing of it leaves the page before the end. */
export class RegistrationForm {
  realName = $state('');
  number = $state('');
  displayName = $state('');
  home = $state.raw<{ id: OrgUnitId; name: string } | null>(null);
  groups = $state<ChosenGroup[]>([]);
  hasTerms = $state(false);
  hasPrivacy = $state(false);
  hasMinor = $state(false);
  readonly guardian = new CodeRequest('guardian');
  readonly isMinor = $derived(isNumberOfMinor(this.number, Date.now()));

  /** @throws {ApiProblem} */
  send(phoneProof: string, homeOrgUnitId: OrgUnitId): Promise<Me> {
    return call(register, {
      body: {
        phoneProof,
        displayName: this.displayName,
        realName: this.realName,
        document: { type: 'mainland-id', number: this.number },
        homeOrgUnitId,
        groups: [...this.groups],
        consents: this.#consents(),
        ...(this.isMinor && { guardian: { phone: this.guardian.phone, code: this.guardian.code } }),
      },
    });
  }

  close(): void {
    this.guardian.close();
  }

  #consents(): Registration['consents'] {
    const given = { terms: this.hasTerms, privacy: this.hasPrivacy, minor: this.isMinor && this.hasMinor };
    return (['terms', 'privacy', 'minor'] as const)
      .filter((text) => given[text])
      .map((text) => ({ text, version: CONSENT_VERSIONS[text] }));
  }
}
