using GitOpsSecrets.GoTemplate.Values;

namespace GitOpsSecrets.GoTemplate.Times;

/// <summary>A time zone (time.Location): what its clocks show at an instant.</summary>
internal sealed class GoLocation : GoValue
{
    private readonly ZoneFile? file;
    private readonly ZoneSpan fixedZone;

    private GoLocation(string name, ZoneFile? file, ZoneSpan fixedZone)
    {
        Name = name;
        this.file = file;
        this.fixedZone = fixedZone;
    }

    public static GoLocation Utc { get; } = new("UTC", null, new("UTC", 0, false));

    public string Name { get; }

    public override GoType Type => GoType.Location;

    public override bool IsTrue => true;

    public static GoLocation Fixed(string name, int offset) => new(name, null, new(name, offset, false));

    /// <summary>A zone of the tz database; null if there is none of that name. "Local" is UTC, as in the controller's container.</summary>
    public static GoLocation? Find(string name)
    {
        if (name is "" or "UTC" or "Local")
        {
            return name == "Local" ? new("Local", null, Utc.fixedZone) : Utc;
        }

        return ZoneFile.Find(name) is { } file ? new(name, file, default) : null;
    }

    public ZoneSpan At(long unixSeconds) => file?.At(unixSeconds) ?? fixedZone;
}
