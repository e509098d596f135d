/** What time it is. Handed in, so that tests and simulations bring their own. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
