using System.Text;
using GitOpsSecrets.Providers.Declared;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>Texts that OpenSSL 3 encrypted: <c>openssl enc -aes-256-cbc -md md5 -pass pass:not-a-passcode</c>.</summary>
public sealed class CryptoJsTextTests
{
    [Theory]
    [InlineData("U2FsdGVkX18REhMUFRYXGB8prRvY3GFyntragqjU3oo=", "changeme")]
    [InlineData("U2FsdGVkX19BQkNERUZHSIeqRnNA/1SduQw51hAJ5xaSTOB5zjUqgYBVIo5ykibPAY98K7z/0wcGdoRqijAHfF0wq1Rl1PY1+rwC4hyrHII=", "A text that is longer than one block of the cipher.")]
    public void What_OpenSSL_encrypted_opens(string text, string plain) => Assert.Equal(plain, Encoding.UTF8.GetString(CryptoJsText.Open(Encoding.UTF8.GetBytes(text), "not-a-passcode"u8)!));

    [Theory]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("U2FsdGVkX18=")]
    [InlineData("U2FsdGVkX18BAgMEBQYHCAECAwQ=")]
    [InlineData("AAAAAAAAAAABAgMEBQYHCAECAwQFBgcIAQIDBAUGBwg=")]
    [InlineData("U2FsdGVkX18BAgMEBQYHCAECAwQFBgcIAQIDBAUGBwgB")]
    public void What_is_none_is_null(string text) => Assert.Null(CryptoJsText.Open(Encoding.UTF8.GetBytes(text), "not-a-passcode"u8));
}
