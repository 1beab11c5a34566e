import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Sources belong to their room's project; tests, scripts, journeys and benches to the tools' one. */
const projects = ['contracts', 'storage', 'media', 'api', 'portal']
  .map((room) => `${room}/tsconfig.json`)
  .concat('tsconfig.tools.json');

/** What a pure core may not touch: frameworks, the clock, randomness, input and output. */
const purity = {
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        {
          group: [
            'node:*',
            '@nestjs/*',
            'typeorm',
            'pg',
            'minio',
            'mediasoup',
            'socket.io',
            '@yike/storage/*',
          ],
          message: 'The core is pure: pass the facts in.',
        },
      ],
    },
  ],
  'no-restricted-globals': [
    'error',
    ...['process', 'fetch', 'setTimeout', 'setInterval', 'performance', 'crypto'].map((name) => ({
      name,
      message: 'The core is pure: pass the facts in.',
    })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'Pass the time in.' },
    { object: 'Math', property: 'random', message: 'Pass ids and chance in.' },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Pass the time in.' },
  ],
};

export default tseslint.config(
  { ignores: ['**/dist/', '**/build/', '**/.svelte-kit/', '.tools/', '.data/', 'portal/static/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { project: projects, tsconfigRootDir: import.meta.dirname },
      globals: globals.node,
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: globals.node } },
  { files: ['api/src/domain/**/*.ts', 'media/src/core/**/*.ts'], ignores: ['**/*.test.ts'], rules: purity },
  {
    files: ['**/*.test.ts', 'e2e/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: {
        parser: tseslint.parser,
        project: 'portal/tsconfig.json',
        extraFileExtensions: ['.svelte'],
      },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: { 'no-unused-vars': 'off', '@typescript-eslint/no-unused-vars': 'error' },
  },
  prettier,
);
