/** A self-signed identity for `localhost`, good for tests only: its key is here for all to read. */
import type {TlsIdentity} from '../../source/demo/server.ts';

export const tlsIdentity: TlsIdentity = {
	key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgP/iQ042bbNLwz8D7
J51xnfObypLx/zuBmQoDmrGXxtKhRANCAARwlUvurBOuveZnIUzr4GZFd5SxltY3
Riog/KO+0DAx6R4+d7w6PBNRzJ8sVkclxyZEw+GiWkjJiBT3ttV5nVyD
-----END PRIVATE KEY-----
`,
	cert: `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUFzlCsE7BwyZVanhWw/UxAkiGYIQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzEzNTYzM1oYDzIxMjYxMDMw
MTM1NjMzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARwlUvurBOuveZnIUzr4GZFd5SxltY3Riog/KO+0DAx6R4+d7w6PBNR
zJ8sVkclxyZEw+GiWkjJiBT3ttV5nVyDo28wbTAdBgNVHQ4EFgQUlPZdtTL0ak5S
j4cL001kNOhJ6gQwHwYDVR0jBBgwFoAUlPZdtTL0ak5Sj4cL001kNOhJ6gQwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAO2uDnx/PFcYfE3g2WVW29CejwqPmJCXRaWoJk9unZ8AAiEA
zW6PUiyZ1gJEARiiu8RLKm7NYKcBiANfmmcFyzgGO+8=
-----END CERTIFICATE-----
`,
};
