// The browser that draws pictures, as a service of its own: whoever knows its address (BROWSER_URL) may use it. Printed
// faults end with code 2, which systemd does not answer with another start.
import { chromium } from 'playwright';

const address = process.env['BROWSER_URL'] ?? '';
const url = URL.canParse(address) ? new URL(address) : undefined;
// The path is what keeps others on this machine out.
if (url?.protocol !== 'ws:' || url.hostname !== '127.0.0.1' || !url.port || url.pathname.length < 33) {
  process.stderr.write('BROWSER_URL is not ws://127.0.0.1:<port>/<32 random characters or more>\n');
  process.exit(2);
}

const server = await chromium.launchServer({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  host: url.hostname,
  port: Number(url.port),
  wsPath: url.pathname,
  handleSIGTERM: false,
  // Chromium's own walls stand only where it does not run as root.
  chromiumSandbox: process.getuid?.() !== 0,
  args: ['--disable-gpu', '--force-color-profile=srgb', '--font-render-hinting=none', '--disable-lcd-text'],
});
process.stderr.write('the browser is up\n');
// A browser that died by itself is started again by whoever watches this process.
let stopping = false;
server.on('close', () => process.exit(stopping ? 0 : 1));
process.once('SIGTERM', () => {
  stopping = true;
  void server.close();
});
