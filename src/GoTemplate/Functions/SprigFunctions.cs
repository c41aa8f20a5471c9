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
        .. IntegerFunctions.All,
        .. FloatFunctions.All,
        .. EncodingFunctions.All,
    ];

    /// <summary>What External Secrets adds.</summary>
    public static GoFunction[] ExternalSecrets { get; } =
    [
        EncodingFunctions.HexDecoding,
    ];
}
