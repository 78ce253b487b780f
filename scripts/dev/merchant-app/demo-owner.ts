/** The e-mail address of the person who owns the demo workspace `main` in a local copy. */
export const DEMO_OWNER = 'owner@harbour-studio.example';

/** Where the link leads that signs in this person once, before its token. */
export const FIRST_LINK_PATH = '/app/dev/sign-in/';
