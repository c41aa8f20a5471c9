using System.Security.Cryptography;

namespace GitOpsSecrets.Controller.Runtime;

/// <summary>The source of jitter outside tests; whatever spreads its work takes a <c>Func&lt;double&gt;</c> instead of calling this.</summary>
internal static class Chance
{
    private const int Steps = 1 << 24;

    /// <summary>A number in [0, 1).</summary>
    public static double Next() => RandomNumberGenerator.GetInt32(Steps) / (double)Steps;
}
