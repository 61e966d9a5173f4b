/** Agents keep the signals of this many minutes and measure as many later, if a store or a stream comes back. */
export const KEPT_MINUTES = 14;

/** The centre takes a minute that began at most this long ago: a little more than agents keep, for clocks differ. */
export const LATEST_SECONDS = 16 * 60;

/** The centre takes a minute that begins at most this far ahead of its own clock. */
export const AHEAD_SECONDS = 60;

/** Minutes that began longer ago than this do not change any more and are counted for good. */
export const SEALED_SECONDS = 20 * 60;
