using GitOpsSecrets.GoTemplate.Cryptography;
using GitOpsSecrets.GoTemplate.Functions.Addresses;
using GitOpsSecrets.GoTemplate.Functions.Data;
using GitOpsSecrets.GoTemplate.Functions.Encoding;
using GitOpsSecrets.GoTemplate.Functions.Lists;
using GitOpsSecrets.GoTemplate.Functions.Numbers;
using GitOpsSecrets.GoTemplate.Functions.Strings;

namespace GitOpsSecrets.GoTemplate.Functions;

/// <summary>The function groups, put together.</summary>
internal static class SprigFunctions
{
    public static GoFunction[] All { get; } =
    [
        .. StringFunctions.All,
        .. LayoutFunctions.All,
        .. WordFunctions.All,
        .. ListFunctions.All,
        .. StringListFunctions.All,
        .. DictFunctions.All,
        .. DefaultFunctions.All,
        .. JsonFunctions.All,
        .. IntegerFunctions.All,
        .. FloatFunctions.All,
        .. EncodingFunctions.All,
        .. RegularExpressions.RegexFunctions.All,
        .. Times.DateFunctions.All,
        .. Versions.VersionFunctions.All,
        .. PathFunctions.All,
        .. UrlFunctions.All,
        .. RandomFunctions.All,
        .. PasswordFunctions.All,
        .. CertificateFunctions.All,
    ];

    /// <summary>What External Secrets adds.</summary>
    public static GoFunction[] ExternalSecrets { get; } =
    [
        EncodingFunctions.HexDecoding,
        .. Yaml.YamlFunctions.All,
        .. PemFunctions.All,
        .. JwkFunctions.All,
        .. Pkcs12Functions.All,
        PasswordFunctions.HtpasswdWithAlgorithm,
    ];

    /// <summary>What sprig 3.3 has in another form than External Secrets' copy of it.</summary>
    public static GoFunction[] Released { get; } = [PasswordFunctions.Htpasswd2];
}
