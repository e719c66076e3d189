/**
 * Makes dist/bonsai.js: the whole program in one file, which is what starts fast (120 ms against 270 unbundled).
 *
 * - `import()` stays lazy inside the one file, so imapflow and html-to-text cost nothing before the first screen.
 * - react-devtools-core is Ink's for development only; left out, the program would not start, so it is a stub.
 * - restore-cursor would write to stderr at exit, past terminal/, which restores the cursor itself.
 * - CommonJS packages need a `require`, hence the banner.
 */
import {chmodSync} from 'node:fs';
import {build, type Plugin} from 'esbuild';

const stubs: Plugin = {
	name: 'stubs',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^(react-devtools-core|restore-cursor)$/}, ({path}) => ({path, namespace: 'stub'}));
		onLoad({filter: /.*/, namespace: 'stub'}, () => ({contents: 'export default () => {}'}));
	},
};

const outfile = new URL('../dist/bonsai.js', import.meta.url).pathname;

await build({
	entryPoints: [new URL('cli.tsx', import.meta.url).pathname],
	outfile,
	bundle: true,
	platform: 'node',
	format: 'esm',
	target: 'node22',
	jsx: 'automatic',
	minifySyntax: true,
	legalComments: 'linked',
	logLevel: 'error',
	plugins: [stubs],
	// Prebuilt for each platform, and optional: it is found beside the program or not at all.
	external: ['@napi-rs/keyring'],
	define: {'process.env.NODE_ENV': '"production"'},
	banner: {
		js: "#!/usr/bin/env node\nimport {createRequire as __createRequire} from 'node:module';\nconst require = __createRequire(import.meta.url);",
	},
});
chmodSync(outfile, 0o755);
