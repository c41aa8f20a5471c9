namespace GitOpsSecrets.GoTemplate.Values;

/// <summary>A value of any signed integer type, named ones (time.Duration, time.Month) included.</summary>
public sealed class GoInt(GoType type, long value) : GoValue
{
    public long Value => value;

    public override GoType Type => type;

    public override bool IsTrue => value != 0;

    public static GoInt Of(long value) => new(GoType.Int, value);

    public static GoInt Of64(long value) => new(GoType.Int64, value);
}
