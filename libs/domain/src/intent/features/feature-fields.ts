import * as z from 'zod';

/** A whole number of milliseconds. */
export const milliseconds = z.int().min(0);

/** Hundredths of a percent: 12.5 % is 1250. */
export const basisPoints = z.int().min(0).max(10_000);

/** A text that is not empty. */
export const word = z.string().min(1);

/** A whole number from 0. */
export const count = z.int().min(0);
