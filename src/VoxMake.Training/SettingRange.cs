namespace VoxMake.Training;

/// <summary>Refuses settings of recipes that are out of range; messages name the setting and what was expected.</summary>
internal static class SettingRange
{
    public static void Within(string field, double? value, double least, double most)
    {
        if (value is { } number && !(number >= least && number <= most))
            throw new TrainingException(FormattableString.Invariant($"{number} is out of range, expected {least} to {most}")) { Field = field };
    }

    public static void OneOf(string field, string value, params string[] words)
    {
        if (!words.Contains(value)) throw new TrainingException($"'{value}' is not known, expected {string.Join(" or ", words)}") { Field = field };
    }

    public static void Device(string device)
    {
        if (device != "auto" && !Torch.Device.TryParse(device, out _))
            throw new TrainingException($"'{device}' is no device, expected auto, cpu, cuda or cuda:0") { Field = "device" };
    }
}
