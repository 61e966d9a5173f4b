/** The protocol that this release speaks; additive fields and new message types do not raise it. 2: agents know steps of statements. */
export const PROTOCOL_VERSION = 2;

/** The first protocol whose agents know steps: others would refuse a statement with one, since it is signed. */
export const STEPS_PROTOCOL = 2;

/** The oldest protocol that this release still accepts from its peer. */
export const OLDEST_PROTOCOL = 1;

/** Largest frame that either end accepts, in UTF-8 bytes. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024;

/** A delta is cut into parts of about this many bytes, so that no frame holds a stream for long. */
export const PART_BYTES = 256 * 1024;

/** Most parts that one delta may have (256 MiB in all). */
export const MAX_PARTS = 1024;

/** Largest body of one inventory namespace; a larger one is announced as unreadable. */
export const MAX_NAMESPACE_BYTES = 4 * 1024 * 1024;

/** Most issues and held deletions that one report carries. */
export const MAX_REPORTED = 200;
