namespace GitOpsSecrets.Sealing.Rsa;

/// <summary>Makes a decryptor of the DER of an RSAPrivateKey (RFC 8017 §A.1.2); throws <see cref="System.Security.Cryptography.CryptographicException"/> on wrong numbers.</summary>
internal delegate IOaepDecryptor LoadDecryptor(ReadOnlySpan<byte> pkcs1);
