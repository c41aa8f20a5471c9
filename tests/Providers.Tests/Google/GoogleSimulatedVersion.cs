using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace GitOpsSecrets.Providers.Tests.Google;

/// <summary>One version of a secret.</summary>
internal sealed class GoogleSimulatedVersion(int number, byte[] payload)
{
    public byte[] Payload => payload;

    /// <summary>ENABLED, DISABLED or DESTROYED.</summary>
    public string State { get; set; } = "ENABLED";

    /// <summary>In place of the right one, when set.</summary>
    public string? WrongChecksum { get; set; }

    public string Checksum => WrongChecksum ?? (~payload.Aggregate(uint.MaxValue, BitOperations.Crc32C)).ToString(CultureInfo.InvariantCulture);

    public JsonObject Describe(string secret) => new()
    {
        ["name"] = string.Create(CultureInfo.InvariantCulture, $"{secret}/versions/{number}"),
        ["createTime"] = string.Create(CultureInfo.InvariantCulture, $"2026-01-01T00:00:{number:00}Z"),
        ["state"] = State,
    };
}
