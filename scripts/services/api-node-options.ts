/**
 * Node's own options for the API, for whoever starts it (`deploy/api.Dockerfile` says the same). Beats of a thousand viewers are worked on
 * together: with a young generation of this size what belongs to them dies there, and is not copied into the old one.
 */
export const API_NODE_OPTIONS: readonly string[] = ['--max-semi-space-size=64'];
