// npm start: a whole local copy, from the Worker to a simulated Stripe.
import { main } from './dev/main.ts';

process.exit(await main());
