using System.Globalization;

namespace GitOpsSecrets.Bench;

/// <summary>One line: a ratio, its goal, and whether it was met.</summary>
internal static class Verdict
{
    public static bool AtLeast(string what, double ratio, double goal) => Print(what, ratio, "at least", goal, ratio >= goal);

    public static bool AtMost(string what, double ratio, double goal) => Print(what, ratio, "at most", goal, ratio <= goal);

    private static bool Print(string what, double ratio, string relation, double goal, bool met)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {ratio:F2} (goal {relation} {goal:F2}) {(met ? "met" : "MISSED")}"));
        return met;
    }
}
