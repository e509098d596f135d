/** A provider's or library's words without mail addresses and phone numbers: they go into logs and the trail. */
export function withoutAddresses(text: string): string {
  return text.replace(/[^\s<>"']+@[^\s<>"',;]+/g, '(address)').replace(/\+?\d[\d\s-]{7,}\d/g, '(number)');
}
