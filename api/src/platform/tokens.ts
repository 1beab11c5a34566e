/** What the platform provides under a token, because its type is an interface: `@Inject(CONFIG) config: ApiConfig`. */
export const CONFIG = Symbol('ApiConfig');
/** A pino `Logger`. */
export const LOGGER = Symbol('Logger');
/** The `ObjectStore` of `@yike/storage`. */
export const OBJECT_STORE = Symbol('ObjectStore');
/** The `Redis` that several API nodes share, or null where there is one. */
export const REDIS = Symbol('Redis');
