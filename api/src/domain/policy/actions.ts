import type { Role } from '@yike/contracts/http/accounts';

/**
 * To what a permission reaches.
 * `anyone` also strangers; `signed-in` what hangs on the caller's own id, so that there is nobody else's to reach; `own` a thing with an
 * owner, who must be the caller; `subtree` a thing of an organisation, at or below that of a role; `platform` the whole house;
 * `node` a media node, by its signature.
 */
export type Scope = 'anyone' | 'signed-in' | 'own' | 'subtree' | 'platform' | 'node';

/** Who may do an action. */
export interface Rule {
  readonly scope: Scope;
  /** One of these roles, valid now, is needed. Absent: no role is. */
  readonly by?: readonly Role[];
  /** It changes nothing. */
  readonly reads?: true;
  /** The caller has shown a second time, just now, who they are. */
  readonly stepUp?: true;
  /** Somebody else with the same right has said yes. */
  readonly twoPeople?: true;
  /** Each time it is done stands in the audit log. */
  readonly audited?: true;
}

const LECTURERS = ['lecturer'] as const;
const ADMINISTRATORS = ['administrator', 'platform-administrator'] as const;
const CURATORS = ['curator', ...ADMINISTRATORS] as const;
const OBSERVERS = [...CURATORS, 'auditor'] as const;
const OVERSEERS = [...ADMINISTRATORS, 'auditor'] as const;

/** Everything that can be done from outside of the house. Each route and each socket event names one of these. */
export const ACTIONS = {
  'health.read': { scope: 'anyone', reads: true },
  'metrics.read': { scope: 'anyone', reads: true },
  'node.report': { scope: 'node' },

  'session.begin': { scope: 'anyone' },
  'session.end': { scope: 'anyone' },
  'session.list-mine': { scope: 'signed-in', reads: true },
  'session.end-mine': { scope: 'signed-in' },
  'session.step-up': { scope: 'signed-in' },
  'account.register': { scope: 'anyone' },
  'identity.change-phone': { scope: 'own', stepUp: true, audited: true },
  'identity.change-home': { scope: 'own', audited: true },
  'identity.change-password': { scope: 'own', stepUp: true, audited: true },
  'me.read': { scope: 'anyone', reads: true },
  'me.read-data': { scope: 'signed-in', reads: true },
  'me.export': { scope: 'signed-in', reads: true, stepUp: true },
  'account.delete-mine': { scope: 'own', stepUp: true, audited: true },
  'code.request': { scope: 'anyone' },
  'demo-accounts.list': { scope: 'anyone', reads: true },
  'preferences.change': { scope: 'signed-in' },

  'lecture.list': { scope: 'anyone', reads: true },
  'lecture.read': { scope: 'anyone', reads: true },
  'lecture.list-mine': { scope: 'signed-in', by: LECTURERS, reads: true },
  'lecture.plan': { scope: 'subtree', by: LECTURERS },
  'lecture.change': { scope: 'own', by: LECTURERS },
  'lecture.cancel': { scope: 'own', by: LECTURERS },
  'lecture.read-attendance': { scope: 'subtree', by: OBSERVERS, reads: true },

  'broadcast.read': { scope: 'anyone', reads: true },
  'broadcast.follow': { scope: 'anyone', reads: true },
  'broadcast.start': { scope: 'own', by: LECTURERS },
  'broadcast.join': { scope: 'signed-in' },
  'broadcast.publish': { scope: 'own', by: LECTURERS },
  'broadcast.end': { scope: 'own', by: LECTURERS },
  'broadcast.undo-end': { scope: 'own', by: LECTURERS },
  'broadcast.stop': { scope: 'subtree', by: CURATORS, audited: true },

  'course.list': { scope: 'anyone', reads: true },
  'course.read': { scope: 'anyone', reads: true },
  'course.list-begun': { scope: 'signed-in', reads: true },

  'playback.open': { scope: 'signed-in' },
  'playback.load': { scope: 'anyone', reads: true },
  'playback.beat': { scope: 'signed-in' },
  'playback.take-lease': { scope: 'signed-in' },
  'playback.close': { scope: 'signed-in' },
  'playback.read': { scope: 'signed-in', reads: true },
  'playback.list-mine': { scope: 'signed-in', reads: true },

  'learning-account.read': { scope: 'signed-in', reads: true },
  'learning-account.list-statement': { scope: 'signed-in', reads: true },
  'ledger.check': { scope: 'platform', by: ['platform-administrator'], reads: true },

  'community.search': { scope: 'anyone', reads: true },
  'organisation.list': { scope: 'signed-in', by: OBSERVERS, reads: true },
  'organisation.read': { scope: 'subtree', by: OBSERVERS, reads: true },
  'organisation.export': { scope: 'signed-in', by: OBSERVERS, reads: true },
  'organisation.create': { scope: 'subtree', by: ADMINISTRATORS, audited: true },
  'organisation.edit': { scope: 'subtree', by: ADMINISTRATORS, audited: true },
  'organisation.move': { scope: 'subtree', by: ADMINISTRATORS, audited: true },
  'organisation.merge': { scope: 'subtree', by: ADMINISTRATORS, audited: true },
  'organisation.close': { scope: 'subtree', by: ADMINISTRATORS, audited: true },
  'organisation.preview-import': { scope: 'signed-in', by: ADMINISTRATORS, reads: true },
  'organisation.import': { scope: 'signed-in', by: ADMINISTRATORS, audited: true },
  'department.add': { scope: 'subtree', by: ADMINISTRATORS, audited: true },
  'department.edit': { scope: 'subtree', by: ADMINISTRATORS, audited: true },
  'department.remove': { scope: 'subtree', by: ADMINISTRATORS, audited: true },

  'role.list': { scope: 'signed-in', by: OVERSEERS, reads: true },
  'role.grant': { scope: 'subtree', by: ADMINISTRATORS, stepUp: true, audited: true },
  'role.grant-administrator': {
    scope: 'subtree',
    by: ADMINISTRATORS,
    stepUp: true,
    twoPeople: true,
    audited: true,
  },
  'role.end': { scope: 'subtree', by: ADMINISTRATORS, stepUp: true, audited: true },
  'approval.list': { scope: 'signed-in', by: OVERSEERS, reads: true },
  'approval.decide': {
    scope: 'subtree',
    by: ADMINISTRATORS,
    stepUp: true,
    twoPeople: true,
    audited: true,
  },

  'resident.search': { scope: 'signed-in', by: OVERSEERS, reads: true },
  'resident.read': { scope: 'subtree', by: OVERSEERS, reads: true },
  'resident.reveal': { scope: 'subtree', by: ADMINISTRATORS, stepUp: true, audited: true },

  'audit.list': { scope: 'signed-in', by: OVERSEERS, reads: true },
  'audit.export': { scope: 'signed-in', by: OVERSEERS, reads: true, stepUp: true, audited: true },

  'certificate.list-mine': { scope: 'signed-in', reads: true },
  'certificate.check': { scope: 'anyone', reads: true },
  'certificate.download': { scope: 'own', reads: true },
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof ACTIONS;

/** The rule with all that it may say. */
export const ruleOf = (action: Action): Rule => ACTIONS[action];

/** Whether doing it needs a decision about the very thing that it is done to. */
export const needsResource = (action: Action): boolean => ['own', 'subtree'].includes(ruleOf(action).scope);
