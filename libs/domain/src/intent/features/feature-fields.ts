import { z } from 'zod';

/** A whole number of milliseconds. */
export const milliseconds = z.int().min(0);

/** A text that is not empty. */
export const word = z.string().min(1);
