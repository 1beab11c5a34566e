import { defineEnvVars } from '@sveltejs/kit/env';

const originOf = (name: string, value: string | undefined): string | undefined => {
  if (value === undefined || value === '') return undefined;
  if (!URL.canParse(value)) throw new Error(`${name} is not an address: ${value}`);
  return new URL(value).origin;
};

export const variables = defineEnvVars({
  YIKE_API_INTERNAL_URL: {
    description:
      'Where the API listens, for pages that are rendered on the server; unset: the origin of the request.',
    schema: (value) => originOf('YIKE_API_INTERNAL_URL', value),
  },
  S3_PUBLIC_URL: {
    description: 'The origin that signed object addresses lead to, where it is not the pages’ own.',
    schema: (value) => originOf('S3_PUBLIC_URL', value),
  },
});
