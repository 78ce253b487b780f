/**
 * An e-mail address as forms take it: every character that RFC 5321 (4.1.2) allows unquoted before the @, and a domain with a
 * dot after it, whose last part is letters or punycode. Runs in linear time.
 */
export const EMAIL =
  /^(?!\.)(?!.*\.\.)[A-Za-z0-9_.!#$%&'*+/=?^`{|}~-]*[A-Za-z0-9_!#$%&'*+/=?^`{|}~-]@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+(?:[A-Za-z]{2,}|xn--[A-Za-z0-9-]*[A-Za-z0-9])$/;
