// Loaded into wrangler's process: when the script that started it is gone, however it ended, wrangler ends too.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
