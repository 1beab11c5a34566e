/** The house's import directions; see docs/architecture.md. */
const own = '^(contracts|storage|media|api|portal)/';
/** @param {string} room @param {string} allowed rooms it may import besides itself, as a pattern */
const room = (room, allowed) => ({
  name: `${room}-imports-only-${allowed || 'itself'}`,
  severity: 'error',
  from: { path: `^${room}/src` },
  to: { path: own, pathNot: `^(${[room, allowed].filter(Boolean).join('|')})/` },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    room('contracts', ''),
    room('storage', ''),
    room('media', 'contracts|storage'),
    room('portal', 'contracts'),
    room('api', 'contracts|storage'),
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^api/src/domain', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^api/src/domain', '^contracts/'] },
    },
    {
      name: 'core-is-pure',
      severity: 'error',
      from: { path: '^media/src/core', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^media/src/core', '^contracts/'] },
    },
    {
      name: 'no-foreign-repository-or-entity',
      comment: "A feature may call another feature's service, never its repository or entity.",
      severity: 'error',
      from: { path: '^api/src/features/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^api/src/features/[^/]+/.*\\.(repository|entity)\\.ts$',
        pathNot: '^api/src/features/$1/',
      },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: '^(api|media|portal)/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tools.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['yike-source', 'import', 'require', 'node', 'default', 'types'],
    },
  },
};
