import { later, type Meanings, refuse, unclear, untilMended } from '../http/verdict.ts';

/**
 * What RCS Business Messaging answers, by the status of HTTP: the platform has no codes of its own.
 * https://developers.google.com/business-communications/rcs-business-messaging/reference/rest/v1/phones.agentMessages/create
 */
export const rcsErrors: Meanings = {
  400: refuse('the message is not as RCS wants it, or the phone cannot show it'),
  401: later('the service account is refused', 'lane', untilMended),
  403: later('the agent may not send', 'lane', untilMended),
  404: refuse('the phone has no RCS, or the agent is not launched in its network'),
  429: later('too many messages', 'lane'),
  500: unclear('the platform failed'),
  503: unclear('the platform is unavailable'),
};
